#!/bin/sh
# Builds the S3 server that the storage tests run against, once: MinIO, pinned, from its source by Go.
# It lands in $GOBIN, else in $(go env GOPATH)/bin, where the tests look for it; about two minutes on two cores.
set -eu
version=v0.0.0-20260212201848-7aac2a2c5b7c
folder=$(go env GOBIN)
folder=${folder:-$(go env GOPATH)/bin}
if [ -x "$folder/minio" ]; then
  echo "S3 server: $folder/minio"
else
  go install "github.com/minio/minio@$version"
  echo "S3 server built: $folder/minio"
fi
