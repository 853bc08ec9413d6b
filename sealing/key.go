package sealing

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"software.sslmate.com/src/go-pkcs12"
)

// MaxKeyFile bounds a file of keys and certificates; a long chain has 20 KiB.
const MaxKeyFile = 1 << 20

// How to bring a key into a form that is read, without leaving it open on disk.
const toPKCS12 = "turn it into PKCS#12: openssl pkcs12 -export -inkey KEY -in CERTIFICATE -out signer.p12"

// ErrPassphrase says that the passphrase does not open the key.
var ErrPassphrase = &Refusal{"SEALING-PASSPHRASE", "the passphrase does not open the key"}

// ReadSigner reads a signer from the content of files: key is PEM (PKCS#8,
// PKCS#1 or SEC 1, not encrypted) or PKCS#12, certs PEM or DER, nil where the
// certificates are with the key. passphrase is asked once where one is needed;
// what it returns is overwritten. No error holds anything secret.
func ReadSigner(key, certs []byte, passphrase func() ([]byte, error)) (*Signer, error) {
	if len(key) > MaxKeyFile || len(certs) > MaxKeyFile {
		return nil, refuse("SEALING-KEY", "a file of keys has at most %d bytes", MaxKeyFile)
	}
	var k crypto.Signer
	var all []*x509.Certificate
	var err error
	if bytes.Contains(key, []byte("-----BEGIN ")) {
		k, all, err = readPEM(key)
	} else {
		k, all, err = readPKCS12(key, passphrase)
	}
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, refuse("SEALING-KEY", "the key file holds no private key")
	}
	if certs != nil {
		more, err := readCertificates(certs)
		if err != nil {
			return nil, err
		}
		all = append(more, all...)
	}
	return NewSigner(k, all)
}

func readPEM(data []byte) (crypto.Signer, []*x509.Certificate, error) {
	var key crypto.Signer
	var certs []*x509.Certificate
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return key, certs, nil
		}
		var one any
		var err error
		switch b.Type {
		case "PRIVATE KEY":
			one, err = x509.ParsePKCS8PrivateKey(b.Bytes)
		case "RSA PRIVATE KEY", "EC PRIVATE KEY":
			if b.Headers["DEK-Info"] != "" {
				return nil, nil, encrypted()
			}
			if b.Type == "RSA PRIVATE KEY" {
				one, err = x509.ParsePKCS1PrivateKey(b.Bytes)
			} else {
				one, err = x509.ParseECPrivateKey(b.Bytes)
			}
		case "ENCRYPTED PRIVATE KEY":
			return nil, nil, encrypted()
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(b.Bytes)
			if err != nil {
				return nil, nil, refuse("SEALING-CERTIFICATE", "a certificate cannot be read: %v", err)
			}
			certs = append(certs, c)
			continue
		default:
			continue
		}
		clear(b.Bytes)
		if err != nil { // the library's text could quote the key
			return nil, nil, refuse("SEALING-KEY", "the %s cannot be read", b.Type)
		}
		if key != nil {
			return nil, nil, refuse("SEALING-KEY", "the file holds several private keys; give one alone")
		}
		if key, err = signerOf(one); err != nil {
			return nil, nil, err
		}
	}
}

func encrypted() error {
	return refuse("SEALING-KEY", "the key is an encrypted PEM, which is not read; %s", toPKCS12)
}

func signerOf(key any) (crypto.Signer, error) {
	s, ok := key.(crypto.Signer)
	if !ok {
		return nil, refuse("SEALING-KEY", "a key of type %T cannot sign", key)
	}
	return s, nil
}

func readPKCS12(data []byte, passphrase func() ([]byte, error)) (crypto.Signer, []*x509.Certificate, error) {
	if len(data) == 0 || data[0] != 0x30 {
		return nil, nil, refuse("SEALING-KEY", "the key file is neither PEM nor PKCS#12")
	}
	key, leaf, above, err := pkcs12.DecodeChain(data, "")
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		var secret []byte
		if secret, err = passphrase(); err != nil {
			return nil, nil, err
		}
		key, leaf, above, err = pkcs12.DecodeChain(data, string(secret))
		clear(secret)
	}
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, nil, ErrPassphrase
	case err != nil:
		return nil, nil, refuse("SEALING-KEY", "the key file is no PEM, and cannot be read as PKCS#12: %v", err)
	}
	s, err := signerOf(key)
	return s, append([]*x509.Certificate{leaf}, above...), err
}

func readCertificates(data []byte) ([]*x509.Certificate, error) {
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		_, certs, err := readPEM(data)
		if err == nil && len(certs) == 0 {
			err = refuse("SEALING-CERTIFICATE", "the certificate file holds no certificate")
		}
		return certs, err
	}
	certs, err := x509.ParseCertificates(data)
	if err != nil || len(certs) == 0 {
		return nil, refuse("SEALING-CERTIFICATE", "the certificate file is neither PEM nor DER: %v", err)
	}
	return certs, nil
}
