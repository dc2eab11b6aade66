import { dossierFiles } from "./dossiers/access.ts";
import { arrivalFiles } from "./exchange/access.ts";
import type { FileReader } from "./files/access.ts";
import { incomingFiles } from "./incoming/access.ts";
import { outgoingFiles } from "./outgoing/access.ts";

/** By what a file may be read, besides having uploaded it oneself: the one list. */
export const fileReaders: readonly FileReader[] = [incomingFiles, outgoingFiles, arrivalFiles, dossierFiles];
