package camera

// Reason says why a document or a stretch got its answer.
type Reason uint8

// The reasons. The zero value says nothing more than the verdict.
const (
	ReasonNone Reason = iota
	ReasonUnreadable
	ReasonSignature
	ReasonAltered
	ReasonOrder
	ReasonLink
	ReasonOlder
	ReasonRepeated
	ReasonClock
	ReasonKey
	ReasonSlices
	ReasonLostDocuments
	ReasonListHead
	ReasonBeforeClip
	ReasonNoKey
	ReasonNoCover
	ReasonCover
	ReasonNotListed
	ReasonStaleEnd
	ReasonVersion
	ReasonHash
	ReasonLimit
	ReasonHead
	ReasonTail
	ReasonSeam
	ReasonGap
)

var reasons = [...]string{
	"",
	"The document is unreadable.",
	"The document's signature does not fit its bytes.",
	"Pictures differ from those that were signed.",
	"Pictures stand in another order than they were signed in.",
	"The document does not follow the one before it.",
	"An older document stands among newer ones.",
	"Material is repeated that was signed once.",
	"The signed clock runs backwards.",
	"Another key signs from here on than at the begin.",
	"Slices that were signed are absent.",
	"Documents are absent, and so are the pictures they cover.",
	"The document begins before the clip does.",
	"The document belongs to video before the clip.",
	"The certificate is missing or cannot be used, so nothing can be checked.",
	"No signature covers the document: the clip ends first.",
	"The document that should vouch for this one does not hold.",
	"The document has no signature, and is not as a signed one lists it.",
	"The last document of the stream holds no list and states old digests.",
	"The document is of a version that is not known.",
	"The document uses a digest that the pictures before it were not examined by.",
	"More would have to be compared than is done.",
	"Before the first document that applies.",
	"After the last document.",
	"Between two signing sessions.",
	"No valid document covers these pictures.",
}

// String returns the reason as a sentence, "" for none.
func (r Reason) String() string { return word(reasons[:], r) }
