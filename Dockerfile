# One small image for both roles: `--role web`, `--role worker`, or both in one process.
FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app
RUN chown node:node /app
USER node

COPY --chown=node:node package.json package-lock.json ./
# Node is in the image already: no development dependency is needed to run.
RUN npm ci --omit=dev --no-audit --no-fund --ignore-scripts && npm cache clean --force

COPY --chown=node:node src ./src
COPY --chown=node:node migrations ./migrations

ENV PORT=3000
EXPOSE 3000
CMD ["node", "src/main.ts"]
