import { secureHeaders } from "hono/secure-headers";

/**
 * Nothing from elsewhere and nothing inline: what a name or a message might smuggle in could do nothing. Whether a browser may come by
 * plain HTTP again is for the proxy to say that ends TLS.
 */
export const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
  crossOriginEmbedderPolicy: false,
  strictTransportSecurity: false,
});
