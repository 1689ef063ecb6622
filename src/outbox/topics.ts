import { tellOfLeads } from '../forms/tell-of-leads.ts';
import { sendConfirmations } from '../newsletter/send-confirmations.ts';
import type { Deliver } from './delivery.ts';

/** Who sends the rows of each topic. */
export const topics: Record<string, Deliver> = {
  lead_notification: tellOfLeads,
  confirmation: sendConfirmations,
};
