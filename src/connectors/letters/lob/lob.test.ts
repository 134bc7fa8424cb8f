import { letterConformance } from '../conformance.ts';
import { lobLab } from './lob-lab.ts';

letterConformance('lob', lobLab);
