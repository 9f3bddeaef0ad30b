import { afterAll, beforeAll, describe } from 'vitest';
import { describeContract } from './broker-contract.ts';
import { leftOut } from './machine.ts';
import { RabbitMq, rabbitmqMissing } from './rabbitmq.ts';

if (rabbitmqMissing) leftOut('RabbitMQ', rabbitmqMissing);

describe.skipIf(rabbitmqMissing)('RabbitMQ as deploy/rabbitmq sets it up', () => {
  const broker = new RabbitMq();
  // Erlang takes its time on a machine with other work.
  beforeAll(() => broker.start(), 120_000);
  afterAll(() => broker.stop());

  describeContract(broker);
});
