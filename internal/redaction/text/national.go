package text

import "strings"

// National numbers of persons, after the name of the number. Most have check
// digits, so that "CPF: 12 rows" stays.

// A nationalNumber is a kind of number.
type nationalNumber struct {
	names   string            // lower-case phrases with a comma between them
	lengths []int             // of the number without separators, in capitals
	check   func(string) bool // whether the digits or letters are such a number
}

// nationalNumbers is the table. docs/logs.md lists it.
var nationalNumbers = []nationalNumber{
	{"cpf", []int{11}, isCPF},
	{"cnpj", []int{14}, isCNPJ},
	{"pesel", []int{11}, weighted("13791379131", 10)},
	{"nip", []int{10}, isNIP},
	{"bsn,burgerservicenummer,sofinummer", []int{9}, isBSN},
	{"nino,national insurance,national insurance number,ni number", []int{9}, isNINO},
	{"aadhaar,aadhar,uidai", []int{12}, isAadhaar},
	{"pan,permanent account number", []int{10}, pattern("AAAAA9999A")},
	{"ssn,itin,social security,social security number", []int{9}, isSSN},
	{"employer identification number", []int{9}, digits.all},
	{"sin,social insurance,social insurance number", []int{9}, isLuhn},
	{"dni,nif,nie", []int{9}, isDNI},
	{"codice fiscale,codicefiscale,cod fiscale", []int{16}, isCodiceFiscale},
	{"partita iva", []int{11}, isLuhn},
	{"nir,insee,numéro de sécurité sociale,sécurité sociale,securite sociale", []int{15}, isNIR},
	{"personnummer,samordningsnummer,organisationsnummer", []int{10, 12}, isPersonnummer},
	{"fødselsnummer,fodselsnummer,fnr,personnummer", []int{11}, isFodselsnummer},
	{"cpr,cpr nummer,personnummer", []int{10}, startsWithDate("DDMMYY")},
	{"hetu,henkilötunnus,henkilotunnus", []int{10, 11}, isHETU},
	{"tfn,tax file number", []int{8, 9}, isTFN},
	{"medicare,medicare number", []int{10, 11}, isMedicare},
	{"steuer id,steuerid,steueridentifikationsnummer,steuernummer,idnr,tin", []int{11}, isMod1110},
	{"oib", []int{11}, isMod1110},
	{"egn,егн", []int{10}, isEGN},
	{"cnp", []int{13}, isCNP},
	{"rrn,jumin,resident registration number,주민등록번호,주민번호,외국인등록번호", []int{13}, startsWithDate("YYMMDD")},
	{"my number,mynumber,individual number,マイナンバー,個人番号", []int{12}, isMyNumber},
	{"resident id,resident identity,citizen id,shenfenzheng,chinese id,身份证,身份证号,身份证号码,身份證", []int{18}, isChineseID},
	{"nhs,nhs number", []int{10}, isNHS},
	{"nric,fin", []int{9}, isNRIC},
	{"hkid", []int{8, 9}, isHKID},
	{"taiwan id,身分證", []int{10}, isTaiwanID},
	{"rut", []int{8, 9}, isRUT},
	{"cuit,cuil", []int{11}, isCUIT},
	{"curp", []int{18}, pattern("AAAA999999AAAAAAX9")},
	{"rfc", []int{12, 13}, isRFC},
	{"tc kimlik,tckn,kimlik no,kimlik numarası", []int{11}, isTCKimlik},
	{"rodné číslo,rodne cislo", []int{9, 10}, isBirthNumber},
	{"amka", []int{11}, isLuhn},
	{"ahv,avs,ahv nummer", []int{13}, isAHV},
	{"isikukood,asmens kodas", []int{11}, isBaltic},
	{"jmbg", []int{13}, isJMBG},
	{"pps,ppsn,pps number", []int{8, 9}, isPPS},
	{"teudat zehut,israeli id,south african id", []int{9, 13}, isLuhn},
	{"emirates id", []int{15}, isLuhn},
	{"thai id,citizen number,เลขประจำตัวประชาชน", []int{13}, isThaiID},
	{"nik,ktp", []int{16}, digits.all},
	{"cccd,cmnd", []int{9, 12}, digits.all},
	{"passport,passport no,passport number,passport nr,passeport,reisepass", []int{7, 8, 9}, isDocument},
	{"snils,снилс", []int{11}, digits.all},
	{"инн", []int{10, 12}, digits.all},
	{"driver license,drivers license,driving licence,driving license", []int{8, 9, 12, 13, 16}, isDocument},
}

// numberKinds has the kinds by the first word of their names.
var numberKinds = func() map[string][]namedNumber {
	kinds := make(map[string][]namedNumber)
	for i := range nationalNumbers {
		for phrase := range strings.SplitSeq(nationalNumbers[i].names, ",") {
			first, rest, _ := strings.Cut(phrase, " ")
			kinds[first] = append(kinds[first], namedNumber{rest, &nationalNumbers[i]})
		}
	}
	return kinds
}()

// numberFirsts has the first bytes of these words, in both cases.
var numberFirsts = func() (firsts charset) {
	for first := range numberKinds {
		firsts[first[0]] = true
		if lowerCase[first[0]] {
			firsts[first[0]-'a'+'A'] = true
		}
	}
	return firsts
}()

type namedNumber struct {
	rest string // of the phrase, after its first word
	kind *nationalNumber
}

// nameLetters are the bytes of the names of numbers.
var nameLetters = chars("A-Za-z\x80-\xff")

// maxNumberName is the number of bytes of the first word of a name.
const maxNumberName = 48

// nationals finds national numbers after their names.
func nationals(sc *scan) {
	s := sc.s
	for i := 0; i < len(s); {
		if !nameLetters[s[i]] {
			i++
			continue
		}
		start := i
		i = nameLetters.skip(s, i)
		if !numberFirsts[s[start]] || i-start < 2 || i-start > maxNumberName {
			continue
		}
		for _, n := range numberKinds[lowered(s[start:i])] {
			if n.find(sc, i) {
				break
			}
		}
	}
}

// lowered returns a word in lower case. Most words are so already.
func lowered(w string) string {
	if lowerCase.all(w) {
		return w
	}
	return strings.ToLower(w)
}

// find adds the number after the name whose first word ends at i, and reports
// whether there is one.
func (n *namedNumber) find(sc *scan, i int) bool {
	s := sc.s
	for word := range strings.FieldsSeq(n.rest) {
		i = nameGaps.skip(s[:min(len(s), i+2)], i)
		if len(s)-i < len(word) || !strings.EqualFold(s[i:i+len(word)], word) {
			return false
		}
		i += len(word)
	}
	start := numberStart(s, i)
	var c compact
	c.read(s, start)
	for k := len(n.kind.lengths) - 1; k >= 0; k-- {
		if size := n.kind.lengths[k]; c.endsAt(s, size) && n.kind.check(string(c.text[:size])) {
			sc.add(start, c.end[size-1])
			return true
		}
	}
	return false
}

var (
	nameGaps   = chars(" _.-")
	numberGaps = chars(" \t:=#\"'([_.\\>-")
)

// fillers may be between the name of a number and the number.
var fillers = set(`is no nr num number nummer id card code was for of de nº n° numéro numero value`)

// numberStart returns where the number after a name that ends at i starts.
func numberStart(s string, i int) int {
	for range 4 {
		i = numberGaps.skip(s[:min(len(s), i+6)], i)
		end := i
		for end < len(s) && (nameLetters[s[end]]) && end-i < maxNumberName {
			end++
		}
		if end == i || !fillers[lowered(s[i:end])] {
			return i
		}
		i = end
	}
	return i
}

// maxNational is the number of letters and digits of the longest number.
const maxNational = 20

// A compact is a number without separators.
type compact struct {
	text [maxNational]byte // in capitals
	end  [maxNational]int  // where each byte ends in the text
	size int
}

// read reads letters and digits from i on, with single signs or blanks between
// them.
func (c *compact) read(s string, i int) {
	for i < len(s) && c.size < maxNational {
		b := s[i]
		switch {
		case alnum[b]:
			if b >= 'a' {
				b -= 'a' - 'A'
			}
			c.text[c.size], c.end[c.size] = b, i+1
			c.size++
		case c.size == 0 || !numberSigns[b] || i+1 == len(s) || !alnum[s[i+1]]:
			return
		}
		i++
	}
}

var numberSigns = chars(" ./+(-")

// endsAt reports whether the number can end after n letters and digits.
func (c *compact) endsAt(s string, n int) bool {
	return c.size >= n && (c.end[n-1] == len(s) || !alnum[s[c.end[n-1]]])
}
