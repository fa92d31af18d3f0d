package logissue

import "strings"

// set returns the words of a list.
func set(list string) map[string]bool {
	m := make(map[string]bool)
	for word := range strings.FieldsSeq(list) {
		m[word] = true
	}
	return m
}

var (
	// codeNouns are the nouns that a code follows.
	codeNouns = set(`status code errno sqlstate statuscode errorcode exitcode errcode rcode hresult signal http http/1.0
		http/1.1 http/2 http/2.0 http/3 returncode resultcode httpstatus httpstatuscode`)

	// personalCodes are the words that make "code" a value of a person or a
	// thing, such as a zip code.
	personalCodes = set(`zip postal post country area promo coupon discount verification confirmation invite invitation
		otp product source language currency pin access auth authorization authentication security sms tracking voucher
		gift activation recovery backup pairing referral`)

	// otherCodes are nouns that end like a code.
	otherCodes = set(`barcode postcode zipcode passcode pincode unicode decode encode geocode shortcode qrcode areacode
		promocode couponcode countrycode languagecode discountcode invitecode`)

	// reasons are the first words of texts of statuses.
	reasons = set(`not bad internal service gateway unauthorized forbidden too conflict gone payment method page request
		unprocessable insufficient`)

	// requestMethods are the methods of HTTP.
	requestMethods = set(`GET HEAD POST PUT PATCH DELETE OPTIONS`)

	// databases are the servers whose errors begin with a number.
	databases = set(`mysql mssql mariadb`)

	// databaseNouns are the nouns of names in a database.
	databaseNouns = set(`constraint index table column relation collection view sequence key`)

	// links are the words between a noun and its value.
	links = set(`is was of equals are`)

	// answers are the words of a response, and receipts the verbs of a client.
	answers  = set(`responded response returned returns replied answered failed`)
	receipts = set(`got received saw`)

	// codePrefixes are the letters that codes begin with.
	codePrefixes = set(`ORA- TNS- PLS- E AADSTS PGRST SQL`)

	// classNouns are the nouns whose value is a class of errors.
	classNouns = set(`code type status reason kind op operation action event phase stage level method errorcode error_code
		exception state category severity err error cause`)

	// textNouns are the nouns whose value is a text with an error.
	textNouns = set(`desc description message msg error err reason cause detail details errmsg stderr`)

	// nameNouns are the nouns that a name defined by the program follows.
	nameNouns = set(`constraint relation table column index view sequence trigger function procedure operator extension
		schema type collection topic queue template executing exec field parameter param argument attribute property header
		variable env flag option setting service operation command verb resource object database role driver module
		package plugin exchange stream subject metric permission scope claim capability algorithm scheme method encoding
		protocol feature migration group`)

	// outsideNouns are the nameNouns whose name may come from a client. If the
	// program does not know the name, the client chose it.
	outsideNouns = set(`field parameter param argument attribute property header option command method scheme encoding
		scope claim type resource`)

	// doubts are the words before an outside noun that say that the program
	// does not know its name.
	doubts = set(`unknown unrecognized unexpected`)

	// followingNouns are the nouns that a name defined by the program precedes.
	followingNouns = set(`constraint table column index field template parameter header tag`)

	// hostNouns are the nouns that the name of a machine or a workload follows.
	hostNouns = set(`pod node host hostname instance replica broker container machine peer member namespace deployment
		statefulset daemonset volume bucket cluster`)

	// fileOperations are the operations of package os in its errors.
	fileOperations = set(`open stat lstat remove mkdir unlink unlinkat readlink chmod chown chdir truncate readdir
		readdirent openfdat read write close seek sync`)

	// methods, networkOperations and networks begin the texts of net/http and
	// net.
	methods           = set(`Get Head Post Put Patch Delete Options Connect Trace`)
	networkOperations = set(`dial read write lookup listen accept close set readfrom writeto`)
	networks          = set(`tcp udp ip unix unixgram unixpacket`)

	// sources are the first words of texts that begin with a package, a server
	// or a level instead of an operation.
	sources = set(`sql http http2 net/http redis pq mongo mssql pgx mysql sqlite sqlite3 grpc rpc tls x509 json xml yaml
		strconv io os net context bufio gob zlib gzip tar zip websocket amqp kafka nats etcdserver error err fatal panic
		remote runtime unexpected exception ora googleapi i/o eof`)

	// extensions are the extensions of data files.
	extensions = set(`csv tsv txt json yaml yml toml xml log tmp temp pdf png jpg jpeg gif svg webp gz zip tar tgz zst bz2
		db sqlite sock lock pid pem crt cer key conf cfg ini html htm tmpl md parquet avro bin dat bak part xlsx docx
		mp4 mov wav heic env`)

	// domains are the last labels of the names of hosts.
	domains = set(`com net org io dev internal local localdomain corp lan example invalid test cloud gov edu svc arpa`)

	// timeWords are the words in times.
	timeWords = set(`Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday
		Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec January February March April June July August September October
		November December AM PM UTC GMT Z CET CEST EET EEST BST PST PDT MST MDT CST CDT EST EDT KST JST IST AEST`)

	// units are the units that may follow a number.
	units = set(`B kB KB MB GB TB PB KiB MiB GiB TiB PiB byte bytes kilobytes megabytes gigabytes
		ns us µs ms s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days week weeks
		month months year years milliseconds millisecond microseconds nanoseconds % percent`)

	// terms are words with a digit that do not vary.
	terms = set(`tcp4 tcp6 udp4 udp6 ip4 ip6 ipv4 ipv6 x509 http2 http3 h2 h2c h3 s3 ec2 k8s md5 sha1 sha2 sha256 sha384
		sha512 sha-1 sha-256 sha-512 hmac-sha256 ed25519 p256 p384 rs256 rs384 rs512 hs256 hs384 hs512 es256 es384 es512
		ps256 ps384 ps512 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128 utf8
		utf16 utf-8 utf-16 iso8859-1 base32 base64 oauth2 pkcs1 pkcs7 pkcs8 pkcs12 aes128 aes256 tls1.0 tls1.1 tls1.2
		tls1.3 i18n l10n mp3 mp4 h264 h265 web3 http/1.0 http/1.1 http/2 http/2.0 http/3 v1beta1 oauth1
		lz4 bz2 route53 socks4 socks5 log4j neo4j db2 x86 amd64 arm64 win32 x11 argon2 pbkdf2 scram-sha-256
		scram-sha-1 ntlmv2 fat32 ext4`)
)
