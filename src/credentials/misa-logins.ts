import {
  type Authorization,
  type AuthorizationFactor,
  confirmMisaLogin,
  logInToMisa,
  type MisaSession,
  refreshMisaSession,
  type RemoteSigner,
  type ServiceOptions,
  SigningError,
} from "../../signing/index.ts";
import type { MisaSetting } from "./accounts.ts";

/** A log-in that waits for what a person types in; nothing is wrong yet. */
export class SecretsWanted extends Error {
  override readonly name = "SecretsWanted";
  readonly factors: readonly AuthorizationFactor[];

  constructor(factors: readonly AuthorizationFactor[]) {
    super(`the service asks for ${factors.join(" and ")}`);
    this.factors = factors;
  }
}

/** Who asks for a service: what was typed in, and whether anybody is there to type in more. */
export interface Asking {
  readonly secrets?: Authorization;
  readonly isAttended: boolean;
}

interface Kept {
  session?: MisaSession;
  /** Whether the service has asked for a code since the last log-in. */
  isCodeSent?: boolean;
  /** Whether it has ever. */
  takesCode?: boolean;
}

/** A log-in is renewed this long before its end. */
const margin = 60_000;

/**
 * Log-ins at MISA eSign, one for each account and person, in this process's memory alone: the tokens are secrets. A service
 * is never asked for a new log-in while nobody is there if that would send the person a code.
 */
export class MisaLogins {
  private readonly kept = new Map<string, Kept>();
  private readonly now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.now = now;
  }

  /**
   * A person's log-in. Throws SecretsWanted where it takes a password or a code that was not given, SigningError with
   * WRONG_AUTHORIZATION or WRONG_OTP for wrong ones, ACCESS_DENIED where the settings' own are refused, UNAVAILABLE.
   */
  async session(
    setting: MisaSetting,
    userName: string,
    options: ServiceOptions,
    { secrets = {}, isAttended }: Asking,
  ): Promise<MisaSession> {
    const kept = this.entry(setting, userName);
    const known = await this.present(setting, options, kept);
    if (known) return known;

    const account = { ...options, clientId: setting.clientId, clientKey: setting.clientKey };
    const fromApp = setting.secondFactor === "app";
    const takesCode = kept.takesCode === true || setting.secondFactor !== undefined;
    const password = setting.password ?? secrets.password;
    const { otp } = secrets;
    const wanted = (): SecretsWanted =>
      new SecretsWanted([
        ...(password === undefined && !kept.isCodeSent ? (["password"] as const) : []),
        ...(takesCode || kept.isCodeSent ? (["otp"] as const) : []),
      ]);
    if (!isAttended && (takesCode || password === undefined)) throw wanted();
    // A code that came by message was sent because of a log-in before, maybe in another process: one more would void it.
    const isBegun = otp !== undefined && (kept.isCodeSent === true || !fromApp);
    if (!isBegun) {
      if (password === undefined) throw wanted();
      // The app's codes need no log-in to be sent: without one there is nothing to begin yet.
      if (fromApp && otp === undefined) throw wanted();
      try {
        return this.keep(kept, await logInToMisa(account, { userName, password }));
      } catch (error) {
        if (!isRefusal(error, "SECOND_FACTOR_REQUIRED")) throw setting.password === undefined ? asTyped(error) : error;
        kept.takesCode = kept.isCodeSent = true;
        if (otp === undefined || !fromApp) throw new SecretsWanted(["otp"]);
      }
    }
    return this.keep(kept, await confirmMisaLogin(account, { userName, code: otp!, fromApp }));
  }

  /** The signer with its log-in given up as soon as the service does not take it any more. */
  guarded(setting: MisaSetting, userName: string, session: MisaSession, signer: RemoteSigner): RemoteSigner {
    const kept = this.entry(setting, userName);
    const watch = <T>(answer: Promise<T>): Promise<T> =>
      answer.catch((error: unknown) => {
        if (isRefusal(error, "ACCESS_DENIED") && kept.session === session) delete kept.session;
        throw error;
      });
    return {
      provider: signer.provider,
      credentials: () => watch(signer.credentials()),
      start: (request) => watch(signer.start(request)),
      // What was typed in went into the log-in: the transaction itself is approved on the phone.
      authorize: (pending) => watch(signer.poll(pending)),
      poll: (pending) => watch(signer.poll(pending)),
      cancel: (pending) => watch(signer.cancel(pending)),
    };
  }

  private entry({ baseUrl, clientId }: MisaSetting, userName: string): Kept {
    const key = JSON.stringify([baseUrl, clientId, userName]);
    const known = this.kept.get(key);
    if (known) return known;
    const made: Kept = {};
    this.kept.set(key, made);
    return made;
  }

  private keep(kept: Kept, session: MisaSession): MisaSession {
    kept.session = session;
    kept.isCodeSent = false;
    return session;
  }

  /** The log-in as it is, prolonged where it runs out; undefined where there is none any more. */
  private async present(setting: MisaSetting, options: ServiceOptions, kept: Kept): Promise<MisaSession | undefined> {
    const { session } = kept;
    if (!session || session.expiresAt.getTime() - margin > this.now().getTime()) return session;
    delete kept.session;
    const { clientId, clientKey } = setting;
    try {
      return this.keep(kept, await refreshMisaSession({ ...options, clientId, clientKey }, session));
    } catch (error) {
      if (isRefusal(error, "ACCESS_DENIED")) return undefined;
      throw error;
    }
  }
}

const isRefusal = (error: unknown, code: string): boolean => error instanceof SigningError && error.code === code;

/** A password that somebody typed in can be typed in again. */
const asTyped = (error: unknown): unknown =>
  isRefusal(error, "ACCESS_DENIED") ? new SigningError("WRONG_AUTHORIZATION", "The password is wrong.") : error;
