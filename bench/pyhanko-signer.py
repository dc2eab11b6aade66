"""Signs the file whose number comes on standard input, and prints how long the result is; files are kept in memory."""
import io
import sys

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

key, password, *paths = sys.argv[1:]
signer = signers.SimpleSigner.load_pkcs12(key, passphrase=password.encode())
files = [open(path, "rb").read() for path in paths]
metadata = signers.PdfSignatureMetadata(
    field_name="Signature1",
    reason="Ban hanh",
    location="Hue",
    md_algorithm="sha256",
    subfilter=fields.SigSeedSubFilter.PADES,
)
place = fields.SigFieldSpec("Signature1", on_page=0, box=(300, 60, 480, 140))
for line in sys.stdin:
    writer = IncrementalPdfFileWriter(io.BytesIO(files[int(line)]))
    pdf_signer = signers.PdfSigner(metadata, signer=signer, new_field_spec=place)
    print(len(pdf_signer.sign_pdf(writer).getbuffer()), flush=True)
