import * as z from 'zod/mini';

/** What Resend sends begins with what has happened: https://resend.com/docs/webhooks/event-types. */
export const resendEvent = z.object({ type: z.string() });

const to = z.array(z.string());

/** Something about a mail, and whom that went to. */
export const aboutMail = z.object({ data: z.object({ to }) });

/** A mail that did not arrive: `Permanent` is for good, `Transient` and `Undetermined` may pass. */
export const aboutBounce = z.object({
  data: z.object({ to, bounce: z.object({ type: z.string() }) }),
});
