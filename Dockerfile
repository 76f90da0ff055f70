# Both images are pinned by version. To pin the bytes too, append the digest that
# `docker buildx imagetools inspect IMAGE` prints: `…bookworm@sha256:…`.
ARG BUILD_IMAGE=docker.io/library/rust:1.95-bookworm
ARG RUN_IMAGE=docker.io/library/debian:bookworm-slim

# Compiles SQLite, libpq and OpenSSL too; the image has the C compiler, make and perl that they take.
FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
# The caches outlive the layer: a changed line compiles one crate, a changed dependency that one.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --profile dist --features postgres-tls --locked && \
    install target/dist/spasmlog /usr/local/bin/

FROM ${RUN_IMAGE}
LABEL org.opencontainers.image.title="spasmlog" \
      org.opencontainers.image.description="A personal health log for people with back spasms" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /usr/local/bin/spasmlog /usr/local/bin/
COPY LICENSE* /usr/share/doc/spasmlog/
COPY crates/fonts/README.md crates/fonts/licences/*.txt /usr/share/doc/spasmlog/fonts/
# A number and no name: an orchestrator can tell that it is not root.
RUN install -d -m 0700 -o 10001 -g 10001 /data /backups
USER 10001:10001
VOLUME /data
ENV SPASMLOG_DATA_DIR=/data SPASMLOG_BIND=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["spasmlog", "healthcheck"]
ENTRYPOINT ["spasmlog"]
