# One image for every role: `guetteur watch` (all in one), `serve`, `work`.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin guetteur

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates poppler-utils \
    tesseract-ocr tesseract-ocr-fra tesseract-ocr-osd \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /data guetteur
COPY --from=build /src/target/release/guetteur /usr/local/bin/guetteur
USER guetteur
WORKDIR /data
# Fewer arenas of the C library: a third less memory.
ENV GUETTEUR_DATA=/data GUETTEUR_SITE_LISTEN=0.0.0.0:8080 MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8080
CMD ["guetteur", "watch"]
