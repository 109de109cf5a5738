/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './build/compressed.ts'
import { lettering } from './build/lettering.ts'
import { codeSplitting } from './build/splitting.ts'

const backend = process.env.HALFDAY_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/',
  plugins: [react(), lettering(), compressed()],
  build: {
    outDir: process.env.HALFDAY_FRONTEND_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false, // all styles are 30 KB, and one request
    // ECharts is one lazy chunk of some 600 KB; the pages that need no chart never load it.
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend }, '/admin': { target: backend }, '/static': { target: backend } },
  },
  test: {
    maxWorkers: 1,
    testTimeout: 60_000, // a busy machine is slow
    // Files of plain functions need no document, unless their first line says so. One worker takes all files of a kind: a document and the libraries are made once, not once a file. What one test
    // leaves behind is cleared by setup.ts, or by the test itself.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: 'pure', environment: 'node', include: ['src/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'screen',
          environment: 'jsdom',
          setupFiles: ['src/test/setup.ts'],
          // A page is loaded with all that it needs; on a busy machine that takes its time.
          testTimeout: 30_000,
          include: ['src/**/*.test.tsx'],
        },
      },
    ],
  },
})
