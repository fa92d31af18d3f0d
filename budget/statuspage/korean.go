package statuspage

var koreanMessages = englishMessages
