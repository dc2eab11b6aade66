import { optionalText } from "../remote/json.ts";
import { refuse } from "../remote/refusals.ts";
import type { ServiceReply } from "../remote/service.ts";
import type { SigningError } from "../../errors.ts";

/**
 * What an answer of 4xx means (CSC API v1.0.4 and v2, error cases of each method). `error` is a fixed word; the
 * description is only looked at for the standard's own sentences, and is never passed on.
 */
export function cscRefusal({ status, json }: ServiceReply): SigningError {
  const body = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  const error = optionalText(body["error"], 100) ?? "";
  const described = (optionalText(body["error_description"]) ?? "").toLowerCase();
  const reason = /^[a-z_]{1,60}$/.test(error) ? error : "unknown";
  const details = { status, reason };
  switch (error) {
    case "invalid_otp":
      return refuse("WRONG_OTP", "The one-time password is wrong.", details);
    case "invalid_pin":
      return refuse("WRONG_PIN", "The PIN is wrong.", details);
    case "invalid_authentication_data":
      return refuse("WRONG_AUTHORIZATION", "PIN or one-time password are wrong.", details);
    case "access_denied":
      return refuse("REJECTED", "The person declined.", details);
  }
  if (/locked/.test(described)) return refuse("LOCKED", "The key is locked after wrong tries.", details);
  if (/(sad|handle|otp)\b.*expired|expired (sad|handle)/.test(described)) {
    return refuse("EXPIRED", "The authorization ran out.", details);
  }
  if (/too high|quota/.test(described)) return refuse("LIMIT", "Too many signatures for one authorization.", details);
  if (/disabled|certificate is expired|expired credential|revoked|suspended/.test(described)) {
    return refuse("CREDENTIAL_UNUSABLE", "The key cannot be used now.", details);
  }
  if (status === 401 || status === 403)
    return refuse("ACCESS_DENIED", "The service does not accept our account.", details);
  return refuse("REFUSED", "The signing service refused.", details);
}
