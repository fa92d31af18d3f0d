package text

// ibanLengths are the lengths of IBANs by country, from the registry of SWIFT.
const ibanLengths = `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
	ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21
	LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33
	SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`

var ibanLength = func() map[string]int {
	lengths := make(map[string]int)
	for entry := range set(ibanLengths) {
		lengths[entry[:2]] = decimal([]byte(entry[2:]))
	}
	return lengths
}()

// ibans finds IBANs by their length and their check digits, in one group or in
// groups of four.
func ibans(sc *scan) {
	s := sc.s
	for i := 0; i+4 < len(s); i++ {
		if !alnum[s[i]] {
			continue
		}
		if letters.all(s[i:i+2]) && digits.all(s[i+2:i+4]) {
			if end := ibanEnd(s, i); end > 0 {
				sc.add(i, end)
				i = end - 1
				continue
			}
		}
		i = alnum.skip(s, i)
	}
}

// ibanEnd returns the end of the IBAN at i, or 0.
func ibanEnd(s string, i int) int {
	n := ibanLength[lowered(s[i:i+2])]
	if n == 0 || s[i] >= 'a' != (s[i+1] >= 'a') {
		return 0
	}
	var text [34]byte
	for k := range n {
		if k > 0 && k%4 == 0 && i < len(s) && (s[i] == ' ' || s[i] == '-') {
			i++
		}
		if i >= len(s) || !alnum[s[i]] {
			return 0
		}
		text[k] = s[i] &^ (s[i] >> 1 & 0x20)
		i++
	}
	if i < len(s) && alnum[s[i]] || !isMod97(text[:n]) {
		return 0
	}
	return i
}

// isMod97 checks an IBAN in capitals by ISO 7064, MOD 97-10.
func isMod97(iban []byte) bool {
	r := 0
	for k := range iban {
		switch v := base36(iban[(k+4)%len(iban)]); {
		case v >= 10:
			r = (r*100 + v) % 97
		default:
			r = (r*10 + v) % 97
		}
	}
	return r == 1
}
