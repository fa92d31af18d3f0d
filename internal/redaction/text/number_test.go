package text_test

import (
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

// TestNationalNumbers has a valid number of each kind, from the documents that
// define its check digit or computed by them.
func TestNationalNumbers(t *testing.T) {
	f := newFinder()
	for _, marked := range []string{
		"CPF «529.982.247-25» found", "cpf: «52998224725»", "CNPJ «11.222.333/0001-81»", "PESEL «44051401359»", "NIP «526-104-08-28»",
		"BSN: «111222333»", "burgerservicenummer «111222333»", "NINO «AB123456C»", "National Insurance number: «AB 12 34 56 C»",
		"Aadhaar «2345 6789 0124»", "PAN «ABCDE1234F»", "SSN «219 09 4821»", "SIN «046 454 286»", "DNI «12345678Z»", "NIE «X1234567L»",
		"codice fiscale «RSSMRA85T10A562S»", "partita IVA «00743110157»", "NIR «2 55 08 14 168 025 38»", "personnummer «811218-9876»",
		"fødselsnummer «01010750160»", "CPR «070761-4285»", "HETU «131052-308T»", "TFN: «123 456 782»", "Steuer-ID «86095742719»",
		"OIB «69435151530»", "EGN «7523169263»", "CNP «1800101221144»", "RRN «9001011234567»", "my number «123456789018»",
		"citizen ID «11010519491231002X»", "NHS number «943 476 5919»", "NRIC «S1234567D»", "HKID «A123456(3)»", "Taiwan ID «A123456789»",
		"RUT «12.345.678-5»", "CUIT «20-12345678-6»", "CURP «GODE561231HDFRRN09»", "TC kimlik no «10000000146»", "rodné číslo «7103192745»",
		"AMKA «01018012348»", "AHV «756.9217.0769.85»", "isikukood «37605030299»", "JMBG «0101006500006»", "PPS number «1234567TW»",
		"Teudat Zehut «000000018»", "passport no. «C01X00T47»", "the customer's CPF is «529.982.247-25».", `{'cpf' => '«52998224725»'`, "pesel=«44051401359»&x=1",
	} {
		s, secret := split(marked)
		secret = strings.TrimSuffix(secret, ")")
		if got := f.Redact(s); strings.Contains(got, secret) || !strings.Contains(got, text.Replacement) {
			t.Errorf("Redact(%q) = %q", s, got)
		}
	}
}

// TestNotNationalNumbers has numbers under the name of a number that fail its
// check, and names in other meanings.
func TestNotNationalNumbers(t *testing.T) {
	f := newFinder()
	for _, s := range []string{
		"CPF 529.982.247-26", "PESEL 44051401358", "burgerservicenummers 111222334", "Aadhaar 2345 6789 0123", "the sin of 123456789",
		"NHS number 943 476 5918", "my number 123456789012", "pan 20241116", "fin de 2024", "nik 12 rows", "rut 3 m deep",
		"run 123456785 finished", "medicare plans: 12", "egn 20", "EIN 5", "TFN dialed", "cnp 3000000000000", "ahv 7569217076986",
		"order 123456789 for CPF checks", "resident id 5", "avs check: 200", "passport office 12", "personnummer saknas",
	} {
		if got := f.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q, want it unchanged", s, got)
		}
	}
}

func TestNumbersWithAForm(t *testing.T) {
	f := newFinder()
	for s, want := range map[string]string{
		"to DE89370400440532013000 now":           "to REDACTED now",
		"GB29 NWBK 6016 1331 9268 19":             "REDACTED",
		"IBAN: FR14-2004-1010-0505-0001-3M02-606": "IBAN: REDACTED",
		"iban nl91abna0417164300":                 "iban REDACTED",
		"MT84MALT011000012345MTLCAST001S;":        "REDACTED;",
		"219-09-4821":                             "REDACTED",
		"ssn on file: 219-09-4821.":               "ssn on file: REDACTED.",
		"call (415) 555-2671":                     "call (REDACTED",
		"415-555-2671":                            "REDACTED",
		"415.555.2671, x":                         "REDACTED, x",
		"1-800-555-0199":                          "REDACTED",
		"tel (212)555-0123":                       "tel (REDACTED",
		"DE89370400440532013001":                  "DE89370400440532013001",
		"DE8937040044053201300":                   "DE8937040044053201300",
		"GB29 NWBK 6016 1331 9268":                "GB29 NWBK 6016 1331 9268",
		"part 000-12-3456, 666-12-3456":           "part 000-12-3456, 666-12-3456",
		"219-00-4821 219-09-0000":                 "219-00-4821 219-09-0000",
		"219-09-4821-7":                           "219-09-4821-7",
		"200 300 4000 rows":                       "200 300 4000 rows",
		"115-555-2671":                            "115-555-2671",
		"415-155-2671":                            "415-155-2671",
		"v1.415.555.2671.3":                       "v1.415.555.2671.3",
	} {
		if got := f.Redact(s); got != want {
			t.Errorf("Redact(%q) = %q, want %q", s, got, want)
		}
	}
}
