import type { Dispatcher } from "undici";

/**
 * The library keeps the headers of an answer as they came, as views of what was read with them, for as long as the answer is read:
 * tens of kilobytes for each live reply that nobody looks at again. This lets go of them once they were handed over.
 */
export const withoutRawHeaders: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (controller, ...head) => {
      handler.onResponseStart?.(controller, ...head);
      controller.rawHeaders = null;
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onRequestSent: () => handler.onRequestSent?.(),
  });
