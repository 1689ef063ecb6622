// What the libSQL client brings along for WebSockets, Protobuf and cursors. Over HTTP it speaks JSON, whole results at
// a time.
import { unused } from './unused.ts';

export {
  unused as ClientMsg,
  unused as CursorReqBody,
  unused as CursorRespBody,
  unused as HttpCursor,
  unused as PipelineReqBody,
  unused as PipelineRespBody,
  unused as ServerMsg,
  unused as WsCursor,
  unused as readProtobufMessage,
  unused as writeProtobufMessage,
};
