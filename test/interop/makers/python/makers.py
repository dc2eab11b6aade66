"""Lets Python software make, sign and amend PDF files: one JSON request a line on stdin, one JSON answer a line on stdout."""

import io
import json
import os
import sys
import traceback
import types

import attacks
import bases

PASSWORD = b"congvan"


def base(step):
    return bases.make(step["name"], step["font"])


def hanko(step):
    from pyhanko import stamp
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.images import PdfImage
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko.sign.validation import dss
    from pyhanko_certvalidator import ValidationContext

    with open(step["in"], "rb") as file:
        source = io.BytesIO(file.read())
    out = io.BytesIO()
    stamper = HTTPTimeStamper(step["tsa"]) if "tsa" in step else None
    context = lambda: ValidationContext(
        trust_roots=[load_cert_from_pemder(step["root"])], allow_fetching=True, revocation_mode="hard-fail"
    )
    if step["action"] == "lta":
        signers.PdfTimeStamper(stamper).update_archival_timestamp_chain(
            PdfFileReader(source), context(), in_place=False, output=out
        )
        return out.getvalue()
    if step["action"] == "dss":
        from pyhanko.sign.validation import add_validation_info

        signature = PdfFileReader(source).embedded_signatures[-1]
        return add_validation_info(signature, context(), in_place=False, output=out).getvalue()
    writer = IncrementalPdfFileWriter(source, strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    if step["action"] == "timestamp":
        signers.PdfTimeStamper(stamper, field_name=step["field"]).timestamp_pdf(writer, "sha256", context(), output=out)
        return out.getvalue()
    if step["action"] == "fields":
        for name, rect in step["fields"].items():
            fields.append_signature_field(writer, fields.SigFieldSpec(name, box=tuple(rect)))
        writer.write(out)
        return out.getvalue()
    signer = signers.SimpleSigner.load_pkcs12(step["key"], passphrase=PASSWORD)
    level = step.get("level")
    metadata = signers.PdfSignatureMetadata(
        field_name=step["field"],
        md_algorithm="sha256",
        reason=step.get("reason"),
        certify="certify" in step,
        docmdp_permissions=fields.MDPPerm(step.get("certify", 2)),
        subfilter=fields.SigSeedSubFilter.PADES if level else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        embed_validation_info=level in ("B-LT", "B-LTA"),
        use_pades_lta=level == "B-LTA",
        validation_context=context() if level in ("B-LT", "B-LTA") else None,
        signer_key_usage=set(),
    )
    spec = None
    if not step.get("existing"):
        lock = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, step["lock"]) if "lock" in step else None
        spec = fields.SigFieldSpec(step["field"], box=tuple(step["rect"]) if "rect" in step else None, field_mdp_spec=lock)
    style = None
    if "text" in step:
        style = stamp.TextStampStyle(stamp_text=step["text"], border_width=0)
    elif "image" in step:
        from PIL import Image

        style = stamp.StaticStampStyle(background=PdfImage(Image.open(step["image"])), border_width=0)
    signers.PdfSigner(metadata, signer, timestamper=stamper, stamp_style=style, new_field_spec=spec).sign_pdf(
        writer, output=out
    )
    return out.getvalue()


def endesive(step):
    # Its own verification asks for a library that does not know newer OpenSSL; signing does not need it.
    unused = types.ModuleType("endesive.pdf.verify")
    unused.PDFVerifier = unused.verify = None
    sys.modules.setdefault("endesive.pdf.verify", unused)
    from cryptography.hazmat.primitives.serialization import pkcs12
    from endesive.pdf import cms

    with open(step["key"], "rb") as file:
        key, certificate, others = pkcs12.load_key_and_certificates(file.read(), PASSWORD)
    with open(step["in"], "rb") as file:
        source = file.read()
    how = {"sigflags": 3, "sigfield": step["field"], "contact": "", "location": "Mẫu Sơn", "signingdate": "20261127083000+07'00'",
           "reason": step.get("reason", "Duyet"), "signaturebox": step.get("rect", [0, 0, 0, 0]), "sigpage": 0, "password": ""}  # fmt: skip
    if "text" in step:
        how["signature"] = step["text"]
    if "image" in step:
        how["signature_img"] = step["image"]
    if "certify" in step:
        how["sigandcertify"] = True
    return source + cms.sign(source, how, key, certificate, others, "sha256", None, step.get("tsa"))


def attack(step):
    with open(step["in"], "rb") as file:
        return attacks.run(step["kind"], file.read())


MAKERS = {"base": base, "attack": attack, "pyHanko": hanko, "endesive": endesive}


def main():
    # Only answers belong on stdout.
    answers, sys.stdout = os.fdopen(os.dup(1), "w"), sys.stderr
    for line in sys.stdin:
        step = json.loads(line)
        error = None
        try:
            made = MAKERS[step["maker"]](step)
            with open(step["out"], "wb") as file:
                file.write(made)
        except Exception as problem:
            error = f"{type(problem).__name__}: {problem}"
            if os.environ.get("MAKERS_TRACE"):
                traceback.print_exc()
        print(json.dumps({"error": error}), file=answers, flush=True)


main()
