import { afterAll, beforeAll, describe } from 'vitest';
import { describeContract } from './broker-contract.ts';
import { leftOut } from './machine.ts';
import { RabbitMq, rabbitmqMissing } from './rabbitmq.ts';

if (rabbitmqMissing) leftOut('RabbitMQ', rabbitmqMissing);

describe.skipIf(rabbitmqMissing)('RabbitMQ as deploy/rabbitmq sets it up', () => {
  const broker = new RabbitMq();
  beforeAll(() => broker.start());
  afterAll(() => broker.stop());

  describeContract(broker);
});
