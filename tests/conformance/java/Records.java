// What Bouncy Castle says of our evidence records (RFC 4998), and a record that it makes itself.
//
// Each line of standard input is an act and its arguments in base64, separated by spaces:
//   check RECORD DATA CERTIFICATE   the last stamp is by this certificate, the first is over the data, each over the one before
//   request DATA...                 answer with a time-stamp request over all of these
//   make RESPONSE DATA...           answer with the evidence record of the first
//   renew RECORD                    answer with a request that renews the last stamp
//   renewed RECORD RESPONSE         answer with the renewed record
// Each answer is one line: "ok", base64, or "no" and the reason.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStampGenerator;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;

public class Records {
    static final DigestCalculatorProvider DIGESTS = digests();

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line.split(" ")));
            System.out.flush();
        }
    }

    static String answer(String[] words) {
        try {
            return switch (words[0]) {
                case "check" -> check(words);
                case "request" -> encoded(generator(words, 1).generateTimeStampRequest(requests()).getEncoded());
                case "make" -> {
                    TimeStampResponse response = new TimeStampResponse(decoded(words[1]));
                    yield encoded(new ERSEvidenceRecordGenerator(DIGESTS).generate(generator(words, 2).generateArchiveTimeStamps(response)).get(0).getEncoded());
                }
                case "renew" -> encoded(record(words[1]).generateTimeStampRenewalRequest(requests(), BigInteger.TEN).getEncoded());
                case "renewed" -> encoded(record(words[1]).renewTimeStamp(new TimeStampResponse(decoded(words[2]))).getEncoded());
                default -> "no such act";
            };
        } catch (Exception error) {
            return "no " + String.valueOf(error.getMessage()).replace('\n', ' ');
        }
    }

    static String check(String[] words) throws Exception {
        ERSEvidenceRecord record = record(words[1]);
        record.validatePresent(new ERSByteData(decoded(words[2])), new Date());
        record.validate(new JcaSimpleSignerInfoVerifierBuilder().build(new X509CertificateHolder(decoded(words[3]))));
        return "ok";
    }

    static ERSArchiveTimeStampGenerator generator(String[] words, int from) throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        ERSArchiveTimeStampGenerator made = new ERSArchiveTimeStampGenerator(DIGESTS.get(algorithm));
        for (int at = from; at < words.length; at++) {
            made.addData(new ERSByteData(decoded(words[at])));
        }
        return made;
    }

    static TimeStampRequestGenerator requests() {
        TimeStampRequestGenerator made = new TimeStampRequestGenerator();
        made.setCertReq(true);
        return made;
    }

    static ERSEvidenceRecord record(String word) throws Exception {
        return new ERSEvidenceRecord(decoded(word), DIGESTS);
    }

    static DigestCalculatorProvider digests() {
        try {
            return new JcaDigestCalculatorProviderBuilder().build();
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    static byte[] decoded(String word) {
        return Base64.getDecoder().decode(word);
    }

    static String encoded(byte[] data) {
        return Base64.getEncoder().encodeToString(data);
    }
}
