"""What pyHanko says of PDF signatures: one JSON request a line on stdin, one JSON answer a line on stdout.

Request: {"file": path, "anchors": [paths of PEM or DER certificates], "at": ISO 8601 or null}
Answer:  {"file": path, "signatures": [{field, kind, valid, intact, trusted, coverage, modificationLevel, docmdpOk,
           timestampSound}], "error": text or null}
"""

import json
import sys
from datetime import datetime, timezone

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext


def judge(request):
    anchors = list(load_certs_from_pemder(request["anchors"])) if request["anchors"] else []
    at = request.get("at")
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")) if at else datetime.now(timezone.utc)

    def context():
        return ValidationContext(
            trust_roots=anchors, allow_fetching=False, revocation_mode="soft-fail", moment=moment, best_signature_time=moment
        )

    signatures = []
    with open(request["file"], "rb") as stream:
        reader = PdfFileReader(stream, strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        for signature in reader.embedded_signatures:
            told = {"field": signature.field_name, "kind": str(signature.sig_object.get("/Type", "/Sig"))[1:]}
            try:
                if told["kind"] == "DocTimeStamp":
                    status = validate_pdf_timestamp(signature, validation_context=context())
                else:
                    status = validate_pdf_signature(
                        signature, signer_validation_context=context(), ts_validation_context=context()
                    )
                level = getattr(status, "modification_level", None)
                stamp = getattr(status, "timestamp_validity", None)
                told.update(
                    valid=bool(status.valid),
                    intact=bool(status.intact),
                    trusted=bool(status.trusted),
                    coverage=getattr(getattr(status, "coverage", None), "name", None),
                    modificationLevel=level.name if level is not None else None,
                    docmdpOk=getattr(status, "docmdp_ok", None),
                    timestampSound=None if stamp is None else bool(stamp.intact and stamp.valid),
                )
            except Exception as error:  # noqa: BLE001 - a refusal is an answer, too
                told.update(valid=False, intact=False, trusted=False, error=f"{type(error).__name__}: {error}")
            signatures.append(told)
    return signatures


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"file": request["file"], "signatures": judge(request), "error": None}
    except Exception as error:  # noqa: BLE001
        answer = {"file": request["file"], "signatures": [], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
