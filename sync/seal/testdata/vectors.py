"""Writes vectors.json: payloads sealed by RFC 9180 as written down here over the
primitives of Python's cryptography (>= 46), which is held against that package's
own hpke for what it can do (no additional data). No line is shared with Go's
crypto/hpke. Keys are derived from words, so that the same bytes come out again."""
import base64, hashlib, hmac, json, struct
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM = b"KEM" + struct.pack(">H", 0x20)
SUITE = b"HPKE" + struct.pack(">HHH", 0x20, 0x1, 0x3)
INFO = b"jobhome sealed record v1"


def extract(suite, salt, label, ikm):
    return hmac.new(salt, b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()


def expand(suite, prk, label, info, n):
    info = struct.pack(">H", n) + b"HPKE-v1" + suite + label + info
    out, block, i = b"", b"", 1
    while len(out) < n:
        block = hmac.new(prk, block + info + bytes([i]), hashlib.sha256).digest()
        out, i = out + block, i + 1
    return out[:n]


def seal(ephemeral, public, info, aad, plain):
    enc = ephemeral.public_key().public_bytes_raw()
    dh = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    shared = expand(KEM, extract(KEM, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = b"\0" + extract(SUITE, b"", b"psk_id_hash", b"") + extract(SUITE, b"", b"info_hash", info)
    secret = extract(SUITE, shared, b"secret", b"")
    key = expand(SUITE, secret, b"key", context, 32)
    nonce = expand(SUITE, secret, b"base_nonce", context, 12)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plain, aad)


def about(kiosk, incarnation, seq, kind, form):
    b = b"jobhome about" + struct.pack(">IQ", form, seq)
    for s in (kiosk, incarnation, kind):
        b += struct.pack(">I", len(s.encode())) + s.encode()
    return b


def private(word):
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest())


peer = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
assert peer.decrypt(seal(private("e"), private("p").public_key().public_bytes_raw(), INFO, b"", b"hello"), private("p"), info=INFO) == b"hello"

cases = [
    ("k-0001", "00112233445566778899aabbccddeeff", 1, "referral", 1, '{"v":1,"code":"7K3M9QXD4F"}'),
    ("k-0001", "00112233445566778899aabbccddeeff", 2**64 - 1, "callback", 1, '{"v":1,"phone":"13800138000"}'),
    ("终端", "", 0, "", 1, ""),
    ("a", "bc", 3, "d", 2, "x" * 300),
    ("ab", "c", 3, "d", 2, "x" * 300),
]
out = []
for i, (kiosk, incarnation, seq, kind, form, payload) in enumerate(cases):
    p, e = private(f"hub {i}"), private(f"sender {i}")
    public = p.public_key().public_bytes_raw()
    aad = about(kiosk, incarnation, seq, kind, form)
    out.append({
        "private": base64.b64encode(p.private_bytes_raw()).decode(),
        "id": hashlib.sha256(b"x25519\0" + public).hexdigest()[:16],
        "about": {"Kiosk": kiosk, "Incarnation": incarnation, "Seq": seq, "Kind": kind, "Format": form},
        "aad": aad.hex(),
        "payload": payload,
        "sealed": base64.b64encode(seal(e, public, INFO, aad, payload.encode())).decode(),
    })
json.dump(out, open("vectors.json", "w"), ensure_ascii=False, indent=1)
open("vectors.json", "a").write("\n")
