package trust

// countEntries counts the elements of the longest list in the second level of a
// DER object, which in a revocation list is that of its entries. It stops beyond
// the limit, and at what it does not understand: the library then refuses it.
func countEntries(der []byte) int {
	_, body, _, ok := element(der) // CertificateList
	if !ok {
		return 0
	}
	_, body, _, ok = element(body) // tbsCertList
	longest := 0
	for ok && len(body) > 0 {
		var tag byte
		var inner []byte
		if tag, inner, body, ok = element(body); !ok || tag != 0x30 {
			continue
		}
		n := 0
		for good := true; good && len(inner) > 0 && n <= maxListEntries; n++ {
			_, _, inner, good = element(inner)
		}
		longest = max(longest, n)
	}
	return longest
}

// element takes one DER element off the front.
func element(p []byte) (tag byte, body, rest []byte, ok bool) {
	if len(p) < 2 {
		return 0, nil, nil, false
	}
	tag = p[0]
	n, head := int(p[1]), 2
	if n >= 0x80 {
		size := n & 0x7f
		if size < 1 || size > 4 || len(p) < 2+size {
			return 0, nil, nil, false
		}
		n = 0
		for _, b := range p[2 : 2+size] {
			n = n<<8 | int(b)
		}
		head += size
	}
	if n < 0 || n > len(p)-head {
		return 0, nil, nil, false
	}
	return tag, p[head : head+n], p[head+n:], true
}
