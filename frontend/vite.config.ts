/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const backend = process.env.HALFDAY_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: {
    outDir: process.env.HALFDAY_FRONTEND_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // ECharts is one lazy chunk of some 600 KB; the pages that need no chart never load it.
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend }, '/admin': { target: backend }, '/static': { target: backend } },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    maxWorkers: 1,
  },
})
