import { join } from "node:path";
import { issueTransmissionKeys } from "../exchange/transmission-keys.ts";
import type { Services } from "../services.ts";
import { makeDemoPki } from "./pki.ts";
import { fillDemoProcedures } from "./procedures.ts";
import { fillDemoProvince } from "./province.ts";

/** Fills an empty database with the demo province, its keys and procedures; false where there is something already. */
export async function fillDemo(services: Services, ownerUrl: string, tell: (step: string) => void): Promise<boolean> {
  const offices = await fillDemoProvince(services, ownerUrl);
  if (!offices) return false;
  tell("making the demo certification authority, keys and seals");
  const keys = join(services.config.dataDirectory, "keys");
  const { issuer } = await makeDemoPki(services, offices, keys);
  await issueTransmissionKeys(
    join(keys, "transmission"),
    issuer,
    offices.map(({ agency }) => agency),
  );
  await services.transmission.reload();
  await fillDemoProcedures(services, offices);
  return true;
}
