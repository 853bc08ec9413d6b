package decode

// transforms reads a transform tree (7.3.8.8).
func (d *hevcData) transforms(x, y, log2, depth, index int, parent [2]bool) {
	if d.broken {
		return
	}
	nested := d.intra && d.part == partNxN && depth == 0
	split := false
	if log2 <= d.sps.maxTB && log2 > d.sps.minTB && depth < d.depthMax && !nested {
		split = d.a.bit(&d.ctx[ctxSplitTransform+5-log2]) == 1
	} else {
		split = log2 > d.sps.maxTB || nested || d.sps.depthInter == 0 && !d.intra && d.part != partWhole && depth == 0
	}
	var chroma [2]bool
	if d.sps.chroma != 0 {
		for i := range chroma {
			if log2 == 2 {
				chroma[i] = parent[i] && depth > 0
			} else {
				chroma[i] = parent[i] && d.a.bit(&d.ctx[ctxCBFChroma+depth]) == 1
			}
		}
	}
	if split {
		half := 1 << (log2 - 1)
		for i := range 4 {
			d.transforms(x+i&1*half, y+i>>1*half, log2-1, depth+1, i, chroma)
		}
		return
	}
	luma := true
	if d.intra || depth != 0 || chroma[0] || chroma[1] {
		n := 0
		if depth == 0 {
			n = 1
		}
		luma = d.a.bit(&d.ctx[ctxCBFLuma+n]) == 1
	}
	if !luma && !chroma[0] && !chroma[1] {
		return
	}
	if d.pps.deltaQP && !d.coded {
		d.coded = true
		d.quantiser()
	}
	if luma {
		d.residual(log2, 0, d.scan(d.lumaModes[d.partAt(x, y)], log2 <= 3))
	}
	switch {
	case log2 > 2:
		for i := range chroma {
			if chroma[i] {
				d.residual(log2-1, 1+i, d.scan(d.chroma, log2 == 3))
			}
		}
	case index == 3:
		for i := range chroma {
			if chroma[i] {
				d.residual(2, 1+i, d.scan(d.chroma, true))
			}
		}
	}
}

// partAt returns the intra partition of the unit that a place lies in.
func (d *hevcData) partAt(x, y int) int {
	if d.part != partNxN {
		return 0
	}
	half := 1 << (d.log2 - 1)
	n := 0
	if x >= d.x+half {
		n++
	}
	if y >= d.y+half {
		n += 2
	}
	return n
}

// scan returns the order of coefficients: 0 diagonal, 1 horizontal, 2 vertical.
func (d *hevcData) scan(mode uint8, small bool) int {
	switch {
	case !d.intra || !small:
	case mode >= 6 && mode <= 14:
		return 2
	case mode >= 22 && mode <= 30:
		return 1
	}
	return 0
}

// quantiser reads a change of the quantiser (7.3.8.14).
func (d *hevcData) quantiser() {
	v := d.a.bit(&d.ctx[ctxDeltaQP])
	for v > 0 && v < 5 && d.a.bit(&d.ctx[ctxDeltaQP+1]) == 1 {
		v++
	}
	if v == 5 {
		k := 0
		for d.a.bypass() == 1 {
			if k++; k > 7 {
				d.broken = true
				return
			}
		}
		d.a.bypasses(k)
	}
	if v > 0 {
		d.a.bypass()
	}
}

// scans holds the places of coefficients by order, for squares of 1 to 8 a side.
var scans = func() (out [3][4][][2]uint8) {
	for log2 := range 4 {
		n := 1 << log2
		for sum := 0; sum < 2*n-1; sum++ {
			for x := 0; x <= sum; x++ {
				if y := sum - x; x < n && y < n {
					out[0][log2] = append(out[0][log2], [2]uint8{uint8(x), uint8(y)})
				}
			}
		}
		for i := range n * n {
			out[1][log2] = append(out[1][log2], [2]uint8{uint8(i % n), uint8(i / n)})
			out[2][log2] = append(out[2][log2], [2]uint8{uint8(i / n), uint8(i % n)})
		}
	}
	return out
}()

var sigCtx4 = [16]uint8{0, 1, 4, 5, 2, 3, 4, 5, 6, 6, 8, 8, 7, 7, 8, 8}

// prefix reads the first part of the place of the last coefficient.
func (d *hevcData) prefix(log2, c, ctx int) int {
	offset, shift := 15, log2-2
	if c == 0 {
		offset, shift = 3*(log2-2)+(log2-1)>>2, (log2+1)>>2
	}
	n := 0
	for n < 2*log2-1 && d.a.bit(&d.ctx[ctx+offset+n>>shift]) == 1 {
		n++
	}
	return n
}

func (d *hevcData) suffix(prefix int) int {
	if prefix < 4 {
		return prefix
	}
	n := prefix>>1 - 1
	return 1<<n*(2+prefix&1) + d.a.bypasses(n)
}

// residual reads the coefficients of one block (7.3.8.11).
func (d *hevcData) residual(log2, c, scan int) {
	if d.broken {
		return
	}
	if d.pps.transformSkip && !d.lossless && log2 == 2 {
		d.a.bit(&d.ctx[ctxTransformSkip+min(c, 1)])
	}
	px := d.prefix(log2, c, ctxLastX)
	py := d.prefix(log2, c, ctxLastY)
	lastX := d.suffix(px)
	lastY := d.suffix(py)
	if scan == 2 {
		lastX, lastY = lastY, lastX
	}
	if lastX>>log2 != 0 || lastY>>log2 != 0 {
		d.broken = true
		return
	}
	outer, inner := scans[scan][log2-2], scans[scan][2]
	last, at := 0, 0
	for int(outer[last][0]) != lastX>>2 || int(outer[last][1]) != lastY>>2 {
		last++
	}
	for int(inner[at][0]) != lastX&3 || int(inner[at][1]) != lastY&3 {
		at++
	}
	var codedSubs [9][9]uint8
	greater := 1 // context of the flag before
	for i := last; i >= 0; i-- {
		sx, sy := int(outer[i][0]), int(outer[i][1])
		around := codedSubs[sy][sx+1] | codedSubs[sy+1][sx]<<1
		isCoded, infer := true, false
		if i < last && i > 0 {
			n := ctxCodedSub + min(c, 1)*2
			if around != 0 {
				n++
			}
			isCoded, infer = d.a.bit(&d.ctx[n]) == 1, true
		}
		if !isCoded {
			continue
		}
		codedSubs[sy][sx] = 1
		var places [16]int8
		count, n := 0, 15
		if i == last {
			places[0], count, n = int8(at), 1, at-1
		}
		for ; n > 0 || n == 0 && !infer; n-- {
			if d.a.bit(&d.ctx[ctxSig+sigContext(log2, c, scan, i, sx, sy, around, inner[n])]) == 1 {
				places[count] = int8(n)
				count++
				infer = false
			}
		}
		if n == 0 { // the first one is there since no other is
			places[count] = 0
			count++
		}
		if count > 0 {
			greater = d.levels(c, i, i == last, greater, places[:count])
		}
		if d.broken {
			return
		}
	}
}

func sigContext(log2, c, scan, i, sx, sy int, around uint8, at [2]uint8) int {
	x, y := int(at[0]), int(at[1])
	n := 0
	switch {
	case log2 == 2:
		n = int(sigCtx4[y<<2+x])
	case i == 0 && x+y == 0:
	default:
		switch around {
		case 0:
			n = [...]int{2, 1, 1, 0, 0, 0, 0}[x+y]
		case 1:
			n = [...]int{2, 1, 0, 0}[y]
		case 2:
			n = [...]int{2, 1, 0, 0}[x]
		default:
			n = 2
		}
		switch {
		case c > 0 && log2 == 3:
			n += 9
		case c > 0:
			n += 12
		default:
			if sx+sy > 0 {
				n += 3
			}
			if log2 != 3 {
				n += 21
			} else if scan == 0 {
				n += 9
			} else {
				n += 15
			}
		}
	}
	if c > 0 {
		n += 27
	}
	return n
}

// levels reads the values of the coefficients of a square of 4x4.
func (d *hevcData) levels(c, i int, first bool, greater int, places []int8) int {
	set := 0
	if i > 0 && c == 0 {
		set = 2
	}
	if !first && greater == 0 {
		set++
	}
	greater = 1
	var base [16]int
	marked := -1
	for k := range places {
		base[k] = 1
		if k >= 8 {
			continue
		}
		n := set*4 + greater
		if c > 0 {
			n += 16
		}
		if d.a.bit(&d.ctx[ctxGreater1+n]) == 1 {
			base[k], greater = 2, 0
			if marked < 0 {
				marked = k
			}
		} else if greater > 0 && greater < 3 {
			greater++
		}
	}
	if marked >= 0 {
		n := set
		if c > 0 {
			n += 4
		}
		base[marked] += d.a.bit(&d.ctx[ctxGreater2+n])
	}
	signs := len(places)
	if d.pps.signHiding && !d.lossless && places[0]-places[len(places)-1] > 3 {
		signs--
	}
	d.a.bypasses(signs)
	rice := 0
	for k := range places {
		full := 1 // what the flags can say
		switch {
		case k == marked:
			full = 3
		case k < 8:
			full = 2
		}
		if base[k] != full {
			continue
		}
		v := base[k] + d.remaining(rice)
		if v > 3<<rice && rice < 4 {
			rice++
		}
	}
	return greater
}

func (d *hevcData) remaining(rice int) int {
	n := 0
	for d.a.bypass() == 1 {
		if n++; n > 32 {
			d.broken = true
			return 0
		}
	}
	if n <= 3 {
		return n<<rice + d.a.bypasses(rice)
	}
	return (1<<(n-3)+3-1)<<rice + d.a.bypasses(n-3+rice)
}
