"""Claims: which file each speaks of, whether it holds, why it does not, and the bytes it was made of.

`resolve.Resolver` turns documents into verdicts; `recover.recover` gives back the bytes that a verdict's proof names.
Every explanation is a proof: the digest of the rebuilt bytes equals the claim.
"""
