# Builds Chatlane and puts it on an empty file system: no shell, no packages, one program.
#
#   docker build --build-arg VERSION="$(git describe --tags --always)" -t chatlane .
#   docker run -p 8080:8080 -v chatlane:/data -e CHATWOOT_URL=… chatlane

FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules change less often than the code, so they have a layer of their own.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make build STATIC=1 VERSION="$VERSION"
RUN mkdir -p /image/etc/ssl/certs /data \
	&& cp bin/chatlane /image/chatlane \
	&& cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
	&& echo 'chatlane:x:65532:65532:Chatlane:/data:/sbin/nologin' > /image/etc/passwd

FROM scratch
COPY --from=build /image /
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
# The only place written to: the database, its key and SQLite's temporary files.
VOLUME /data
WORKDIR /data
ENV CHATLANE_DATA=/data \
	CHATLANE_LISTEN=:8080 \
	SQLITE_TMPDIR=/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/chatlane", "healthcheck"]
ENTRYPOINT ["/chatlane"]
CMD ["serve"]
