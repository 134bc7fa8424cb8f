import { textConformance } from '../conformance.ts';
import { twilioLab } from './twilio-lab.ts';

textConformance('twilio', twilioLab);
