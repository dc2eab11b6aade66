import { createHash, createPublicKey, sign, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Ck, ckDigests, tokenRefusal, type Cryptoki } from "../../../signing/keys/pkcs11/cryptoki.ts";
import { signingWay } from "../../../signing/keys/pkcs11/mechanisms.ts";
import { listTokens, openKey } from "../../../signing/keys/pkcs11/token-session.ts";
import { issueSigner } from "../authorities.ts";

const person = issueSigner("rsa-2048");
const initialized = Ck.CKF_TOKEN_INITIALIZED;

/** A library with one token and one key, as vendors' tokens behave that nobody has at hand. */
function pretended(more: { flags?: number; eachTime?: boolean; mechanisms?: number[]; login?: () => void } = {}) {
  const logins: [number, string | undefined][] = [];
  const library: Cryptoki = {
    C_GetSlotList: () => [Buffer.from([0])],
    C_GetTokenInfo: () => ({
      label: "TOKEN                           ",
      serialNumber: "0001            ",
      manufacturerID: "Ban Co yeu                      ",
      flags: more.flags ?? initialized,
    }),
    C_GetMechanismList: () => more.mechanisms ?? [Ck.CKM_RSA_PKCS],
    C_OpenSession: () => Buffer.from([1]),
    C_Login: (_, user, pin) => {
      logins.push([user, pin]);
      more.login?.();
    },
    C_FindObjectsInit: (_, template) => {
      found = template[0]?.value === Ck.CKO_CERTIFICATE ? [Buffer.from([10])] : [Buffer.from([20])];
    },
    C_FindObjects: () => found,
    C_FindObjectsFinal: () => undefined,
    C_GetAttributeValue: (_, object, template) => {
      const values: Record<number, Buffer> =
        object[0] === 10
          ? {
              [Ck.CKA_VALUE]: person.certificate,
              [Ck.CKA_ID]: Buffer.from("aa", "hex"),
              [Ck.CKA_LABEL]: Buffer.from("Ký"),
            }
          : more.eachTime
            ? { [Ck.CKA_ALWAYS_AUTHENTICATE]: Buffer.from([1]) }
            : {};
      const value = values[template[0]!.type];
      if (!value) throw Object.assign(new Error("CKR_ATTRIBUTE_TYPE_INVALID"), { code: 0x12 });
      return [{ value }];
    },
    C_SignInit: (_, { mechanism }) => {
      used = mechanism;
    },
    C_Sign: (_, data) => (used === Ck.CKM_RSA_PKCS ? data : sign("sha256", data, person.key)),
    C_Finalize: () => undefined,
  };
  let found: Buffer[] = [];
  let used = 0;
  return { library, logins };
}

const request = { token: {}, key: {}, pin: "1234" };
const ckr = (code: number) => () => {
  throw Object.assign(new Error("CKR"), { code });
};

describe("the PIN", () => {
  test("is not tried on a token that is locked, nor for the last time unless that is wanted", () => {
    const locked = pretended({ flags: initialized | Ck.CKF_USER_PIN_LOCKED });
    expect(() => openKey(locked.library, request)).toThrow(expect.objectContaining({ code: "PIN_LOCKED" }));
    const last = pretended({ flags: initialized | Ck.CKF_USER_PIN_FINAL_TRY });
    expect(() => openKey(last.library, request)).toThrow(expect.objectContaining({ code: "PIN_LAST_TRY" }));
    expect([...locked.logins, ...last.logins]).toEqual([]);
    openKey(last.library, { ...request, useLastTry: true });
    expect(last.logins).toEqual([[Ck.CKU_USER, "1234"]]);
  });

  test("goes to no token with a keypad of its own", () => {
    const { library, logins } = pretended({ flags: initialized | Ck.CKF_PROTECTED_AUTHENTICATION_PATH });
    openKey(library, request);
    expect(logins).toEqual([[Ck.CKU_USER, undefined]]);
  });

  test("is given again for each signature where the key asks for it", () => {
    const { library, logins } = pretended({ eachTime: true });
    const key = openKey(library, request);
    key.sign(Buffer.from("một"));
    key.sign(Buffer.from("hai"));
    expect(logins.map(([user]) => user)).toEqual([Ck.CKU_USER, Ck.CKU_CONTEXT_SPECIFIC, Ck.CKU_CONTEXT_SPECIFIC]);
  });

  test("is not asked for twice where somebody is logged in already", () => {
    expect(openKey(pretended({ login: ckr(0x100) }).library, request).digest).toBe("sha256");
  });

  test.each([
    [0xa0, "WRONG_PIN"],
    [0xa2, "WRONG_PIN"],
    [0xa3, "PIN_EXPIRED"],
    [0xa4, "PIN_LOCKED"],
    [0x102, "PIN_NOT_SET"],
    [0x50, "REJECTED"],
    [0xe0, "TOKEN_MISSING"],
    [0x32, "TOKEN_MISSING"],
    [0x5, "TOKEN_FAILED"],
  ])("return value %i of the library is %s", (code, expected) => {
    const open = () => {
      try {
        openKey(pretended({ login: ckr(code) }).library, request);
      } catch (error) {
        throw tokenRefusal(error);
      }
    };
    expect(open).toThrow(expect.objectContaining({ code: expected, details: { ckr: `0x${code.toString(16)}` } }));
  });
});

test("tokens tell how many tries are left; slots without an initialized token are left out", () => {
  const states = [0, Ck.CKF_USER_PIN_COUNT_LOW, Ck.CKF_USER_PIN_FINAL_TRY, Ck.CKF_USER_PIN_LOCKED];
  const told = states.map((flags) => listTokens(pretended({ flags: initialized | flags }).library)[0]?.pin);
  expect(told).toEqual(["OK", "FEW_TRIES", "LAST_TRY", "LOCKED"]);
  expect(listTokens(pretended({ flags: 0 }).library)).toEqual([]);
  expect(listTokens(pretended().library)[0]).toMatchObject({
    label: "TOKEN",
    serial: "0001",
    manufacturer: "Ban Co yeu",
  });
});

describe("the mechanism", () => {
  const data = Buffer.from("dữ liệu");
  const hash = createHash("sha256").update(data).digest();

  test("takes the digest where the token lets it, and the data where it does not", () => {
    const { rsa, pss } = ckDigests.sha256;
    expect(signingWay([Ck.CKM_RSA_PKCS, rsa], "rsa", "sha256", undefined).input(data).subarray(-32)).toEqual(hash);
    expect(signingWay([rsa], "rsa", "sha256", undefined)).toMatchObject({ mechanism: { mechanism: rsa } });
    expect(signingWay([rsa], "rsa", "sha256", undefined).input(data)).toEqual(data);
    expect(signingWay([Ck.CKM_RSA_PKCS_PSS, pss], "rsa", "sha256", "pss").input(data)).toEqual(hash);
    expect(signingWay([pss], "rsa", "sha256", "pss").input(data)).toEqual(data);
    expect(signingWay([Ck.CKM_ECDSA], "ec", "sha256", undefined).input(data)).toEqual(hash);
  });

  test("that hashes by itself signs what was given", () => {
    const key = openKey(pretended({ mechanisms: [ckDigests.sha256.rsa] }).library, request);
    expect(verify("sha256", data, createPublicKey(person.key), key.sign(data))).toBe(true);
  });

  test.each([
    ["rsa", [Ck.CKM_ECDSA]],
    ["ec", [Ck.CKM_RSA_PKCS]],
    ["ed25519", [Ck.CKM_RSA_PKCS, Ck.CKM_ECDSA]],
  ])("is missing for %s", (type, offered) => {
    const choose = () => signingWay(offered, type, "sha256", undefined);
    expect(choose).toThrow(expect.objectContaining({ code: "UNSUPPORTED_KEY" }));
  });
});
