/** systemd's names of what `agent install` sets up; the same in both scopes. */
export const agentUnitName = 'sallyport-agent.service';
export const proxyUnitName = 'sallyport-proxy.service';
