FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt

COPY pyproject.toml README.md LICENSE ./
COPY glossary glossary
COPY api api
COPY data data
RUN pip install --no-deps --no-build-isolation .

ENV GLOSSARY_DATABASE_URL=sqlite:////var/lib/glossary/glossary.db GLOSSARY_DATA=/app/data
RUN useradd --system --home-dir /app glossary && mkdir -p /var/lib/glossary && chown glossary /var/lib/glossary
USER glossary
VOLUME /var/lib/glossary
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
  CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"
CMD ["glossary", "serve", "--build", "--host", "0.0.0.0", "--port", "8000"]
