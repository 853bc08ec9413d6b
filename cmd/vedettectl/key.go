package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/term"

	"vedette/sealing"
)

// passphraseEnv is the environment variable for scripts.
const passphraseEnv = "VEDETTE_PASSPHRASE"

// keyFiles are the files of a signer; cert and secret may be "".
type keyFiles struct{ key, cert, secret string }

func (k keyFiles) signer(ctx context.Context, e env) (*sealing.Signer, error) {
	key, err := readSmall(k.key)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	if st, err := os.Stat(k.key); err == nil && st.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		fmt.Fprintf(e.stderr, "vedettectl seal: note: %s can be read by other users (mode %o)\n", k.key, st.Mode().Perm())
	}
	var cert []byte
	if k.cert != "" {
		if cert, err = readSmall(k.cert); err != nil {
			return nil, err
		}
	}
	return sealing.ReadSigner(key, cert, func() ([]byte, error) { return k.passphrase(ctx, e) })
}

func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // reading what the user names is the purpose
	if err != nil {
		return nil, pathError{err}
	}
	defer f.Close()
	p, err := io.ReadAll(io.LimitReader(f, sealing.MaxKeyFile+1))
	if err != nil {
		return nil, pathError{err}
	}
	return p, nil
}

// passphrase comes from the file named, else from the environment, else from
// the terminal, without echo. It never stands on a command line, which other
// users can see.
func (k keyFiles) passphrase(ctx context.Context, e env) ([]byte, error) {
	if k.secret != "" {
		p, err := readSmall(k.secret)
		if err != nil {
			return nil, err
		}
		line, _, _ := bytes.Cut(p, []byte("\n"))
		return bytes.TrimSuffix(line, []byte("\r")), nil
	}
	if s, ok := os.LookupEnv(passphraseEnv); ok {
		return []byte(s), nil
	}
	fd := int(os.Stdin.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return nil, &sealing.Refusal{Code: "SEALING-PASSPHRASE", What: "the key needs a passphrase and there is no terminal to ask on; give --passphrase-file or " + passphraseEnv}
	}
	fmt.Fprintf(e.stderr, "Passphrase of %s: ", k.key)
	defer fmt.Fprintln(e.stderr)
	type answer struct {
		p   []byte
		err error
	}
	got := make(chan answer, 1)
	go func() { // a read that is interrupted goes on; it ends with the program
		p, err := term.ReadPassword(fd)
		got <- answer{p, err}
	}()
	select {
	case a := <-got:
		if a.err != nil {
			return nil, fmt.Errorf("the passphrase cannot be read: %w", a.err)
		}
		return a.p, nil
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(fd, state))
	}
}
