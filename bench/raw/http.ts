// The raw limit of HTTP: nothing to do before the answer.

import { serveBare } from './bare-server.ts'

serveBare((_, answer) => answer())
