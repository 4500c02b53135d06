"""An application's OpenAPI document in; the same with its errors as what they are, `application/problem+json`, out."""

from typing import Any

from fastapi import FastAPI

PROBLEM = "application/problem+json"


def tell_problems(app: FastAPI) -> None:
    """The framework documents every answer under the type of the good ones; here all of 400 and above are problems."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        for path in document["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if status >= "400" and "application/json" in answer.get("content", {}):
                        answer["content"] = {PROBLEM: answer["content"]["application/json"]}
        return document

    app.openapi = openapi  # type: ignore[method-assign]
