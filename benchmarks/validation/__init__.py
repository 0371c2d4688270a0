"""What published numbers say of oxycell's: `python -m benchmarks.validation` from the repository root;
`docs/validation.md` is its page."""
