#!/usr/bin/env -S node --min-semi-space-size=4 --max-semi-space-size=4
import { launch } from './launch.js';

await launch('xmserver');
