"""Makes the generated part of `docs/` from the code: schemas, AsyncAPI, settings, metrics, the flow."""
