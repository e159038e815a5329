# One image for every process: `limner bot`, `limner worker`, `limner migrate`.
FROM python:3.13-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/limner/bin:$PATH
RUN python -m venv /opt/limner
WORKDIR /src

# What seldom changes comes first, so that the next build finds it done.
COPY requirements.txt ./
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY core ./core
COPY bot ./bot
COPY worker ./worker
COPY limner ./limner
COPY migrations ./migrations
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheels . \
    && pip install --no-deps --no-index /tmp/wheels/*.whl


FROM python:3.13-slim

# The two of malloc keep a picture's megabytes in the process instead of faulting them in anew for each picture.
ENV PATH=/opt/limner/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_MMAP_THRESHOLD_=67108864 \
    MALLOC_TRIM_THRESHOLD_=134217728 \
    WEB_HOST=0.0.0.0 \
    WEB_PORT=8080

RUN useradd --system --uid 10001 --create-home limner
COPY --from=build /opt/limner /opt/limner
USER limner
WORKDIR /home/limner

EXPOSE 8080
# For `limner bot`, which is what runs by default; a worker listens nowhere.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"WEB_PORT\"]}/healthz', timeout=2)"]

ENTRYPOINT ["limner"]
CMD ["bot"]
