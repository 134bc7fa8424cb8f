import { gatewayConformance } from '../conformance.ts';
import { paypalLab } from './paypal-lab.ts';

gatewayConformance('paypal', paypalLab);
