import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { isCurrent, readIfMatch, writeETag } from '../http/etag.ts';
import { by, guard, identityOf } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readUserAgent } from '../http/user-agent.ts';
import { readQuery } from '../http/query.ts';
import { formatQuery, streamRows, wantedFormat } from '../http/stream-rows.ts';
import { captureLead } from './capture-lead.ts';
import { changeLead } from './change-lead.ts';
import {
  leadChangesBody,
  leadExportFilter,
  leadFilter,
  newLeadBody,
  visitorLeadBody,
} from './contract.ts';
import { deleteLead } from './delete-lead.ts';
import { exportLeads } from './export-leads.ts';
import { listLeadEvents } from './list-lead-events.ts';
import { listLeads } from './list-leads.ts';
import { presentLead, presentLeadEvent } from './present-lead.ts';
import { leadOfForm } from './new-lead.ts';
import { readLead } from './read-lead.ts';

const mayCapture = guard({ scope: 'leads:write', publishable: true });
const mayRead = guard({ scope: 'leads:read' });
const mayWrite = guard({ scope: 'leads:write' });

const listQuery = z.extend(leadFilter, pageQuery.shape);
const exportQuery = z.extend(leadExportFilter, formatQuery.shape);

/** `/v1/leads`: capture, list, export, read, change, delete, timeline. */
export const leadRoutes = new Hono<AppEnv>()
  .post('/', mayCapture, async (c) => {
    const { deps, ipHash } = c.var;
    const identity = identityOf(c);
    const { text, json, lead } = await readNewLead(c);
    const { answer, replayed } = await captureLead(deps, {
      lead,
      payload: json,
      actor: identity.id,
      ipHash,
      userAgent: readUserAgent(c),
      readBack: identity.kind === 'secret',
      tokens: await readIdempotencyTokens(c, text),
    });
    markReplayed(c, replayed);
    c.header('Location', `/v1/leads/${answer.resourceId}`);
    return c.json(answer.body, answer.status);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor(filter.sort, cursor);
    const page = await listLeads(c.var.deps, filter, { after, limit });
    return answerPage(c, page, { sort: filter.sort, limit, present: presentLead });
  })
  .get('/export', mayRead, async (c) => {
    const { format: asked, ...filter } = readQuery(c, exportQuery);
    const format = wantedFormat(c, asked);
    const pieces = exportLeads(c.var.deps, { format, filter, by: by(c) });
    return streamRows(c, { name: 'leads', format, pieces });
  })
  .get('/:id', mayRead, async (c) => {
    const lead = await readLead(c.var.deps, c.req.param('id'));
    writeETag(c, lead.version);
    return isCurrent(c, lead.version) ? c.body(null, 304) : c.json(presentLead(lead));
  })
  .patch('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    const { value } = await readJson(c, leadChangesBody);
    const lead = await changeLead(c.var.deps, c.req.param('id'), value, { ...by(c), known });
    writeETag(c, lead.version);
    return c.json(presentLead(lead));
  })
  .delete('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    await deleteLead(c.var.deps, c.req.param('id'), { ...by(c), known });
    return c.body(null, 204);
  })
  .get('/:id/events', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const after = decodeCursor('events', cursor);
    const page = await listLeadEvents(c.var.deps, c.req.param('id'), { after, limit });
    return answerPage(c, page, { sort: 'events', limit, present: presentLeadEvent });
  });

async function readNewLead(c: AppContext) {
  const { form } = identityOf(c);
  if (form === null) {
    const { value, ...read } = await readJson(c, newLeadBody);
    return { ...read, lead: value };
  }
  const { value, ...read } = await readJson(c, visitorLeadBody);
  return { ...read, lead: leadOfForm(value, form) };
}
