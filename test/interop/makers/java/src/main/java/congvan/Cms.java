package congvan;

import com.itextpdf.text.pdf.security.TSAClientBouncyCastle;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signed data as Bouncy Castle makes them, and as the signing service for phones does. */
final class Cms {
  private Cms() {}

  /** With "phone": BER, cmsAlgorithmProtection but no signing time, and a DigestInfo whose parameters are absent. */
  static byte[] sign(Step step, byte[] content) throws Exception {
    boolean phone = step.is("phone");
    X509Certificate certificate = (X509Certificate) step.chain()[0];
    JcaSignerInfoGeneratorBuilder builder =
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
    if (phone) {
      DefaultSignedAttributeTableGenerator usual = new DefaultSignedAttributeTableGenerator();
      builder.setSignedAttributeGenerator(known -> usual.getAttributes(known).remove(CMSAttributes.signingTime));
    }
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    String algorithm = certificate.getPublicKey().getAlgorithm().startsWith("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    ContentSigner signer =
        phone ? withoutParameters(step.key()) : new JcaContentSignerBuilder(algorithm).build(step.key());
    generator.addSignerInfoGenerator(builder.build(signer, certificate));
    generator.addCertificates(new JcaCertStore(Arrays.asList(step.chain())));
    CMSSignedData signed = generator.generate(new CMSProcessableByteArray(content), false);
    if (step.text("tsa") != null) signed = stamped(signed, step.text("tsa"));
    return phone ? signed.getEncoded(ASN1Encoding.BER) : signed.getEncoded(ASN1Encoding.DER);
  }

  private static CMSSignedData stamped(CMSSignedData signed, String address) throws Exception {
    SignerInformation signer = signed.getSignerInfos().iterator().next();
    TSAClientBouncyCastle client = new TSAClientBouncyCastle(address);
    byte[] token = client.getTimeStampToken(client.getMessageDigest().digest(signer.getSignature()));
    Attribute attribute =
        new Attribute(
            PKCSObjectIdentifiers.id_aa_signatureTimeStampToken, new DERSet(ASN1Primitive.fromByteArray(token)));
    SignerInformation more =
        SignerInformation.replaceUnsignedAttributes(signer, new AttributeTable(new DERSet(attribute)));
    return CMSSignedData.replaceSigners(signed, new SignerInformationStore(more));
  }

  private static ContentSigner withoutParameters(PrivateKey key) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    return new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, org.bouncycastle.asn1.DERNull.INSTANCE);
      }

      @Override
      public OutputStream getOutputStream() {
        return written;
      }

      @Override
      public byte[] getSignature() {
        try {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(written.toByteArray());
          ASN1ObjectIdentifier sha256 = NISTObjectIdentifiers.id_sha256;
          DERSequence info =
              new DERSequence(
                  new org.bouncycastle.asn1.ASN1Encodable[] {new DERSequence(sha256), new DEROctetString(digest)});
          Signature raw = Signature.getInstance("NONEwithRSA", "BC");
          raw.initSign(key);
          raw.update(info.getEncoded());
          return raw.sign();
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
      }
    };
  }
}
