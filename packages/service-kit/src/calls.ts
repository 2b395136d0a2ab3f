// what calls services and is none: a command need not load how a service runs
export * from '@catalyst/runtime';
export * from './halt-file.ts';
export * from './http/create-client.ts';
export * from './http/keys.ts';
export * from './http/tell-outside.ts';
export * from './resilience/second-door.ts';
export * from './service-environment.ts';
