# Muster as an image: docker build -t muster . (from another base: --build-arg BASE=..., one with a
# Python from 3.11 on, called python, with its venv).
# The service wants a key first: docker run --rm -v muster:/var/lib/muster muster keys create NAME --role admin

ARG BASE=python:3.12-slim
FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /opt/muster
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY api api
COPY instances instances
COPY models models
COPY optimizer optimizer
RUN /opt/muster/bin/pip install --no-cache-dir --disable-pip-version-check \
        -c constraints.txt '.[report,geography,documents,postgresql]'

FROM ${BASE}
# A font with Chinese signs, for PDF pages and pictures.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-wqy-microhei libexpat1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/muster --create-home muster
COPY --from=build /opt/muster /opt/muster
ENV PATH=/opt/muster/bin:$PATH \
    PYTHONUTF8=1 \
    MUSTER_STORE_FOLDER=/var/lib/muster/datasets \
    MUSTER_DATABASE_URL=sqlite:////var/lib/muster/muster.sqlite3 \
    MUSTER_KEYS=required \
    MUSTER_LOG_FORMAT=json
USER muster
WORKDIR /var/lib/muster
VOLUME /var/lib/muster
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["muster"]
CMD ["serve", "--host", "0.0.0.0"]
