"""pyHanko in the signing bench. Standard input has an act and the number of a file a line, "sign 3" or "validate 3"; the
answer is one line of JSON. Files and key are kept in memory, and nothing goes to the network.

Arguments: key file, password, time of validation, rounds to warm up, folder with 0.pdf, 1.pdf ... and signed-0.pdf ...
"""

import io
import itertools
import json
import os
import sys
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

key, password, at, rounds, folder = sys.argv[1:]
moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
signer = signers.SimpleSigner.load_pkcs12(key, passphrase=password.encode())
root = next(each for each in signer.cert_registry if each.subject == each.issuer)
metadata = signers.PdfSignatureMetadata(
    field_name="Signature1",
    reason="Ban hanh",
    location="Hue",
    md_algorithm="sha256",
    subfilter=fields.SigSeedSubFilter.PADES,
)
place = fields.SigFieldSpec("Signature1", on_page=0, box=(300, 60, 480, 140))


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


count = next(number for number in itertools.count() if not os.path.exists(os.path.join(folder, f"{number}.pdf")))
files = [read(f"{number}.pdf") for number in range(count)]
signed = [read(f"signed-{number}.pdf") for number in range(count)]


def sign(index):
    writer = IncrementalPdfFileWriter(io.BytesIO(files[index]))
    pdf_signer = signers.PdfSigner(metadata, signer=signer, new_field_spec=place)
    return {"length": len(pdf_signer.sign_pdf(writer).getbuffer())}


def validate(index):
    context = ValidationContext(
        trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail", moment=moment, best_signature_time=moment
    )
    (signature,) = PdfFileReader(io.BytesIO(signed[index])).embedded_signatures
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return {"sound": bool(status.valid and status.intact and status.trusted)}


for index in range(int(rounds)):
    sign(index % count)
    validate(index % count)
print(json.dumps({"warm": True}), flush=True)
for line in sys.stdin:
    act, number = line.split()
    print(json.dumps({"sign": sign, "validate": validate}[act](int(number))), flush=True)
